import { defined } from '../../base/defined.ts';

export type ImagePullPolicy = 'Always' | 'IfNotPresent' | 'Never';

/** The tag and digest of an image name. */
export interface ImageReference {
  readonly tag?: string;
  readonly digest?: string;
}

const domainPart = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const host = `(?:${domainPart}(?:\\.${domainPart})*|\\[[a-fA-F0-9:]+\\])`;
const pathPart = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
/** The algorithms of github.com/opencontainers/go-digest with their lengths; podman refuses other digests. */
const digestPart = '(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})';
const reference = new RegExp(
  `^(?:${host}(?::[0-9]+)?/)?${pathPart}(?:/${pathPart})*(?::([A-Za-z0-9_][\\w.-]{0,127}))?(?:@(${digestPart}))?$`,
);

/**
 * Parses `[registry[:port]/]name[:tag][@digest]`; undefined for an invalid image name.
 * https://kubernetes.io/docs/concepts/containers/images/#image-names, grammar: github.com/distribution/reference
 */
export function parseImageReference(image: string): ImageReference | undefined {
  const match = reference.exec(image);
  if (match === null) return undefined;
  const [, tag, digest] = match;
  return defined({ tag, digest });
}
