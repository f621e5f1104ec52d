/** Whether a path has a step up in it: Kubernetes takes no such path, for it may lead anywhere. */
export function hasParentStep(path: string): boolean {
  return path.split('/').includes('..');
}

/**
 * Linux takes paths of 4095 bytes with names of 255 (PATH_MAX, NAME_MAX), and what podman puts before one counts as well: the
 * folder of the volume, or of the container. maxPathLength and maxFileNameLength in pkg/volume/util/atomic_writer.go are 4096
 * and 255.
 */
const LONGEST_PATH = 3072;
const LONGEST_FILE_NAME = 255;
const MOST_DIRECTORIES = 200;

/** Why a path is too long for Linux, in bytes; undefined where it is not. */
export function pathLengthProblem(path: string): string | undefined {
  const bytes = Buffer.byteLength(path);
  if (bytes > LONGEST_PATH)
    return `must not be longer than ${LONGEST_PATH} bytes, got ${bytes}: Linux takes paths of 4095, with the folder that podman keeps it in`;
  const names = path.split('/');
  if (names.some((name) => Buffer.byteLength(name) > LONGEST_FILE_NAME))
    return `must not have a name of more than ${LONGEST_FILE_NAME} bytes in it: Linux takes no longer ones`;
  return names.length > MOST_DIRECTORIES
    ? `must not be more than ${MOST_DIRECTORIES} folders deep`
    : undefined;
}

/**
 * Why a path cannot be that of a file in a volume (validateLocalNonReservedPath in
 * pkg/apis/core/validation/validation.go); undefined where it can.
 */
export function filePathProblem(path: string): string | undefined {
  if (path === '') return 'must not be empty';
  if (path.startsWith('/')) return `must be a relative path, got '${path}'`;
  if (hasParentStep(path)) return `must not have '..' in it, got '${path}'`;
  return path.startsWith('..') ? `must not begin with '..', got '${path}'` : pathLengthProblem(path);
}
