/** Package URLs: the names by which scanners know what they found. */
const bytes = new TextEncoder();

/** Percent-encodes everything that is no letter, digit or `.-_~`, as package URLs want it. Lone surrogates become U+FFFD. */
export function encode(text: string): string {
  let encoded = "";
  for (const byte of bytes.encode(text)) {
    const character = String.fromCharCode(byte);
    encoded += /[A-Za-z0-9._~-]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}

/** `pkg:deb/debian/runc@1.1.5`; parts of the namespace are separated by `/`. */
export function purl(type: string, namespace: string, name: string, version?: string | null): string {
  const space = namespace === "" ? "" : `${namespace.split("/").map(encode).join("/")}/`;
  const at = version === undefined || version === null || version === "" ? "" : `@${encode(version)}`;
  return `pkg:${type}/${space}${encode(name)}${at}`;
}

/** An image reference taken apart. `repository` is spelt as scanners do: `index.docker.io/library/nginx`. */
export interface ImageName {
  readonly repository: string;
  readonly name: string;
  readonly digest: string | undefined;
}

// A number after the first part is a port where a path follows, else a tag.
const reference =
  /^(?<path>[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?::\d{1,5}(?=\/))?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)(?::\w[\w.-]{0,127})?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** Reads an image reference; undefined for what is none (a variable that was not set, an id). */
export function imageName(image: string | null): ImageName | undefined {
  if (image === null || image.length > 500) return undefined;
  const { path, digest } = reference.exec(image)?.groups ?? {};
  if (path === undefined) return undefined;
  const repository = repositoryOf(path);
  return { repository, name: repository.slice(repository.lastIndexOf("/") + 1), digest };
}

/** What has no registry is on Docker Hub, and what has no owner there is `library`'s. */
function repositoryOf(path: string): string {
  const slash = path.indexOf("/");
  const first = path.slice(0, Math.max(0, slash));
  const hasRegistry = /[.:]/.test(first) || first === "localhost";
  if (hasRegistry && first !== "docker.io") return path;
  const within = hasRegistry ? path.slice(slash + 1) : path;
  return `index.docker.io/${within.includes("/") ? "" : "library/"}${within}`;
}

/**
 * An image as Trivy and Grype name it: by digest and repository. Without a digest the repository must do: Trivy's name of an
 * image holds no tag, and a tag names one image today and another tomorrow.
 */
export function imagePurl({ repository, name, digest }: ImageName): string {
  return `${purl("oci", "", name, digest)}?repository_url=${encode(repository)}`;
}
