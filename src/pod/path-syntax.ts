/** Whether a path has a step up in it: Kubernetes takes no such path, for it may lead anywhere. */
export function hasParentStep(path: string): boolean {
  return path.split('/').includes('..');
}
