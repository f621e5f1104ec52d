/** Whether a path contains '..': Kubernetes refuses such paths, because they can lead anywhere. */
export function hasParentStep(path: string): boolean {
  return path.split('/').includes('..');
}

/**
 * Linux limits paths to 4095 bytes and file names to 255 (PATH_MAX, NAME_MAX). The prefix of podman counts,
 * too: the directory of the volume or the container. maxPathLength and maxFileNameLength in
 * pkg/volume/util/atomic_writer.go are 4096 and 255.
 */
const MAX_PATH_BYTES = 3072;
const MAX_FILE_NAME_BYTES = 255;
const MAX_DIRECTORIES = 200;

/** Why a path is too long for Linux; undefined for a valid length. */
export function pathLengthProblem(path: string): string | undefined {
  const bytes = Buffer.byteLength(path);
  if (bytes > MAX_PATH_BYTES)
    return `must have at most ${MAX_PATH_BYTES} bytes, got ${bytes}: Linux limits paths to 4095, with the directory of podman's storage`;
  const names = path.split('/');
  if (names.some((name) => Buffer.byteLength(name) > MAX_FILE_NAME_BYTES))
    return `must not contain a file name of more than ${MAX_FILE_NAME_BYTES} bytes, the limit of Linux`;
  return names.length > MAX_DIRECTORIES
    ? `must not be more than ${MAX_DIRECTORIES} directories deep`
    : undefined;
}

/**
 * Why a path is invalid for a file in a volume (validateLocalNonReservedPath in
 * pkg/apis/core/validation/validation.go); undefined for a valid path.
 */
export function filePathProblem(path: string): string | undefined {
  if (path === '') return 'must not be empty';
  if (path.startsWith('/')) return `must be a relative path, got '${path}'`;
  if (hasParentStep(path)) return `must not contain '..', got '${path}'`;
  return path.startsWith('..') ? `must not begin with '..', got '${path}'` : undefined;
}
