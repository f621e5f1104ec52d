/** RFC 3339 in UTC with whole seconds, as in Kubernetes. @param seconds since 1970 */
export function timestamp(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}
