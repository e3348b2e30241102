/**
 * Flags of clone(2) and unshare(2) that ask for a new namespace.
 * @see Linux include/uapi/linux/sched.h
 */
export const CLONE_NEWNS = 0x00020000n;
export const CLONE_NEWCGROUP = 0x02000000n;
export const CLONE_NEWUTS = 0x04000000n;
export const CLONE_NEWIPC = 0x08000000n;
export const CLONE_NEWUSER = 0x10000000n;
export const CLONE_NEWPID = 0x20000000n;
export const CLONE_NEWNET = 0x40000000n;
/** Only clone3(2) and unshare(2) take it: in clone(2) the bit lies in the exit signal. */
export const CLONE_NEWTIME = 0x00000080n;

/** Every namespace flag that the default profiles test for in clone(2): 0x7e020000. */
export const CLONE_NEW_ANY =
  CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
