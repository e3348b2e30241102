/**
 * The flag of clone(2), clone3(2) and unshare(2) that asks for a new user namespace.
 * @see Linux include/uapi/linux/sched.h
 */
export const CLONE_NEWUSER = 0x10000000n;
