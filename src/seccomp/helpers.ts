/** The questions that conditions ask of a filter, each over every call that can do the thing. */
export { canMount } from "./mounts.ts";
export { socketFamilyAllowed } from "./socket-family.ts";
export { isNoFilter, unrestricted } from "./unrestricted.ts";
export { canCreateUserNamespace } from "./user-namespaces.ts";
