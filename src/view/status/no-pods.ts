/** The message on standard error if a project has no pods. Absent: no project has any. */
export function noPodsMessage(project: string | undefined): string {
  return project === undefined ? 'No pods.\n' : `No pods in project '${project}'.\n`;
}
