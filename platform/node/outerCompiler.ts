// The compiler outside the image (compiler/, which Ohm runs), for images that have none and for those who ask for it.
// Loaded only then: it is most of what a start would have to read.

import { type CompileOptions, compileExpression, compileMethod } from "../../compiler/compile.ts";
import type { CompiledMethodData } from "../../compiler/compiledCode.ts";
import type { MethodDefinition } from "../../compiler/definitions.ts";
import { encodeMethod } from "../../compiler/encode.ts";
import { type Origin, SourceError } from "../../compiler/sourceError.ts";
import type { ImageReader } from "../../image/reader.ts";
import type { Channel } from "./channel.ts";
import type { WorkspaceEnvironment } from "./workspaceEnvironment.ts";

type Settings = Pick<CompileOptions, "strict" | "warn"> & { origin: Origin };

/** Methods as bytes for the image; all throw SourceError. */
export class OuterCompiler {
  constructor(
    private readonly reader: ImageReader,
    /** Sees the classes of SOM programs before those of the system. */
    private readonly somReader: ImageReader,
    private readonly environment: WorkspaceEnvironment,
  ) {}

  /**
   * A variable that is assigned at the top of an expression without having been declared becomes a variable of the
   * workspace, as in every Smalltalk's workspace.
   */
  expression(source: string, settings: Settings): Uint8Array {
    const environment = this.environment;
    const declare = settings.strict ? undefined : (name: string) => environment.declare(name);
    return encodeMethod(compileExpression(source, { ...settings, environment, declare }));
  }

  method(definition: MethodDefinition, settings: Settings): Uint8Array {
    const { source, className, meta } = definition;
    const environment = definition.environment === undefined ? this.reader : this.somReader;
    return encodeMethod(compileMethod(source, { ...settings, environment, className, meta }));
  }

  /** An image without a compiler compiles source text through these; a SourceError becomes an error there. */
  register(channel: Channel): void {
    const environment = this.reader;
    const bytesOf = (attempt: () => CompiledMethodData) => {
      try {
        return encodeMethod(attempt());
      } catch (error) {
        throw error instanceof SourceError ? new Error(error.render()) : error;
      }
    };
    channel.register("compiler.method", (className, meta, source) =>
      bytesOf(() =>
        compileMethod(source as string, { environment, className: className as string, meta: meta as boolean }),
      ),
    );
    channel.register("compiler.expression", (source) =>
      bytesOf(() => compileExpression(source as string, { environment })),
    );
  }
}
