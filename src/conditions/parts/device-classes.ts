/**
 * Device nodes by what they give. Optical drives, network block devices, loop devices and RAM disks are no storage of the
 * host's own. Names and numbers: Documentation/admin-guide/devices.txt of the kernel.
 */
export const deviceClasses = {
  "block-storage":
    /^\/dev\/(sd[a-z]|hd[a-z]|vd[a-z]|xvd[a-z]|nvme\d+n\d|dm-\d|md\d|md\/|mmcblk\d|bcache\d|pmem\d|mapper\/(?!control$)|disk(\/|$)|mapper$)/,
  memory: /^\/dev\/(mem|kmem|port)$/,
  msr: /^\/dev\/cpu(\/|$)/,
  input: /^\/dev\/(input(\/|$)|uinput$|uhid$|tty\d+$|ttyS\d+$|console$|hidraw\d)/,
  sound: /^\/dev\/snd(\/|$)/,
  tun: /^\/dev\/net(\/tun)?$/,
  "vfio-noiommu": /^\/dev\/vfio\/noiommu-\d+$/,
} as const satisfies Record<string, RegExp>;
export type DeviceClass = keyof typeof deviceClasses;

/** Classes whose nodes everybody may open (mode 0666: udev's rules, Documentation/networking/tuntap.rst). */
export const openToAll: ReadonlySet<DeviceClass> = new Set(["tun"]);

/** A rule of the device cgroup speaks of numbers: the type and majors of a class, and the minors where the major is shared. */
interface Numbers {
  readonly type: "b" | "c";
  readonly majors: ReadonlySet<number>;
  readonly minors?: ReadonlySet<number>;
}

/** Classes whose numbers are fixed, so that a node made with mknod can stand for one of them. */
export const numbersOf: Partial<Record<DeviceClass, Numbers>> = {
  // hd, sd (8, 65 to 71, 128 to 135), md, mmc, virtio and NVMe (dynamic and blkext), xvd, device-mapper.
  "block-storage": {
    type: "b",
    majors: new Set([
      3, 8, 9, 22, 65, 66, 67, 68, 69, 70, 71, 128, 129, 130, 131, 132, 133, 134, 135, 179, 202, 252, 253,
      254, 259,
    ]),
  },
  memory: { type: "c", majors: new Set([1]), minors: new Set([1, 2, 4]) },
  msr: { type: "c", majors: new Set([202]) },
  sound: { type: "c", majors: new Set([116]) },
  tun: { type: "c", majors: new Set([10]), minors: new Set([200]) },
};
