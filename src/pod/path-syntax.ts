/** Whether a path has a step up in it: Kubernetes takes no such path, for it may lead anywhere. */
export function hasParentStep(path: string): boolean {
  return path.split('/').includes('..');
}

/**
 * Why a path cannot be that of a file in a volume (validateLocalNonReservedPath in
 * pkg/apis/core/validation/validation.go); undefined where it can.
 */
export function filePathProblem(path: string): string | undefined {
  if (path === '') return 'must not be empty';
  if (path.startsWith('/')) return `must be a relative path, got '${path}'`;
  if (hasParentStep(path)) return `must not have '..' in it, got '${path}'`;
  return path.startsWith('..') ? `must not begin with '..', got '${path}'` : undefined;
}
