// In a file of its own, so that the types of the library do not lead to those of the whole session.

/** The machine does not run any more. */
export class ImageStoppedError extends Error {
  override readonly name = "ImageStoppedError";
  constructor(
    message: string,
    /** The exit status that the image gave, when it quit by itself. */
    readonly status?: number,
  ) {
    super(message);
  }
}
