// How each hypervisor is told to start the guest: command lines and configuration files. Nothing is started here.

export const HYPERVISORS = ["qemu", "qemu-q35", "xen", "firecracker", "cloud-hypervisor"] as const;
export type Hypervisor = (typeof HYPERVISORS)[number];

export interface GuestSettings {
  elf: string;
  image: string;
  memoryMiB: number;
  /** Words of the guest's command line. */
  options: string[];
  /** Whether /dev/kvm may be used. */
  hasKvm: boolean;
}

/** Program and words; `configuration` goes to a file whose name stands where CONFIGURATION_FILE stands. */
export interface Launch {
  program: string;
  words: string[];
  configuration?: string;
  /** What to install when the program is missing. */
  package: string;
  /** How a person calls it. */
  description: string;
}

export const CONFIGURATION_FILE = "@configuration@";
/** QEMU ends with status (value << 1) | 1 when the guest writes a value here; platform/guest/shim/power.c does. */
const DEBUG_EXIT = "isa-debug-exit,iobase=0xf4,iosize=4";

export function launchOn(hypervisor: Hypervisor, settings: GuestSettings): Launch {
  switch (hypervisor) {
    case "qemu":
      return qemu("microvm", settings);
    case "qemu-q35":
      return qemu("q35", settings);
    case "xen":
      return {
        ...{ program: "xl", words: ["create", "-c", CONFIGURATION_FILE], configuration: xlConfiguration(settings) },
        ...{ package: "xen-utils", description: "Xen" },
      };
    case "firecracker":
      return {
        ...{ program: "firecracker", words: ["--no-api", "--config-file", CONFIGURATION_FILE] },
        ...{ configuration: firecrackerConfiguration(settings), package: "firecracker", description: "Firecracker" },
      };
    case "cloud-hypervisor":
      return cloudHypervisor(settings);
  }
}

/** The host's processor without the one feature that a nested KVM may refuse; software emulation with all it has. */
function qemu(machine: string, { elf, image, memoryMiB, options, hasKvm }: GuestSettings): Launch {
  const acceleration = hasKvm ? ["-accel", "kvm", "-cpu", "host,-arch-capabilities"] : ["-accel", "tcg", "-cpu", "max"];
  const words = [
    ...["-M", machine, ...acceleration, "-m", `${memoryMiB}M`],
    ...["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"],
    ...["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console", "-device", DEBUG_EXIT],
    ...["-kernel", elf, "-initrd", image, "-append", options.join(" ")],
  ];
  const how = hasKvm ? "with KVM" : "in software emulation";
  return {
    ...{ program: "qemu-system-x86_64", words, package: "qemu-system-x86" },
    description: `QEMU ${machine} ${how}`,
  };
}

function cloudHypervisor({ elf, image, memoryMiB, options }: GuestSettings): Launch {
  return {
    program: "cloud-hypervisor",
    words: [
      ...["--kernel", elf, "--initramfs", image, "--cmdline", options.join(" "), "--memory", `size=${memoryMiB}M`],
      ...["--cpus", "boot=1", "--serial", "tty", "--console", "off"],
    ],
    package: "cloud-hypervisor",
    description: "Cloud Hypervisor",
  };
}

// --- Configuration files ---

export const CONFIGURATIONS: Readonly<Record<string, (settings: GuestSettings) => string>> = {
  xen: xlConfiguration,
  libvirt: libvirtConfiguration,
  firecracker: firecrackerConfiguration,
};

/** For `xl create`: xl.cfg(5). */
function xlConfiguration({ elf, image, memoryMiB, options }: GuestSettings): string {
  const text = (value: string) => JSON.stringify(value);
  return `name = "gondola"
type = "pvh"
kernel = ${text(elf)}
ramdisk = ${text(image)}
cmdline = ${text(options.join(" "))}
memory = ${memoryMiB}
vcpus = 1
on_poweroff = "destroy"
on_reboot = "restart"
on_crash = "destroy"
`;
}

/** For `firecracker --config-file`. */
function firecrackerConfiguration({ elf, image, memoryMiB, options }: GuestSettings): string {
  const configuration = {
    "boot-source": { kernel_image_path: elf, initrd_path: image, boot_args: options.join(" ") },
    drives: [],
    "machine-config": { vcpu_count: 1, mem_size_mib: memoryMiB },
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}

/** For `virsh create`: https://libvirt.org/formatdomain.html. */
function libvirtConfiguration({ elf, image, memoryMiB, options, hasKvm }: GuestSettings): string {
  const text = (value: string) => value.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  return `<domain type="${hasKvm ? "kvm" : "qemu"}">
  <name>gondola</name>
  <memory unit="MiB">${memoryMiB}</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="q35">hvm</type>
    <kernel>${text(elf)}</kernel>
    <initrd>${text(image)}</initrd>
    <cmdline>${text(options.join(" "))}</cmdline>
  </os>
  <features><acpi/><apic/></features>
  <cpu mode="${hasKvm ? "host-passthrough" : "maximum"}"/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <serial type="pty"><target port="0"/></serial>
    <console type="pty"><target type="serial" port="0"/></console>
    <rng model="virtio"><backend model="random">/dev/urandom</backend></rng>
  </devices>
</domain>
`;
}
