/** Ends a command like podman: with `Error: ...` on standard error. */
export class PodmanError extends Error {
  readonly exitCode: number;

  /**
   * @param message podman's message
   * @param exitCode 125 is an error of podman itself
   */
  constructor(message: string, exitCode = 125) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function noSuchContainer(name: string, exitCode = 125): PodmanError {
  return new PodmanError(`no container with name or ID "${name}" found: no such container`, exitCode);
}

/** Several errors at once, joined like podman's. */
export function joined(errors: readonly string[]): string {
  const lines = errors.map((error) => `\t* ${error}\n`).join('');
  return `${errors.length} error${errors.length === 1 ? '' : 's'} occurred:\n${lines}\n`;
}
