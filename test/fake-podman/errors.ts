/** A command that ends as podman ends it: with `Error: ...` on standard error. */
export class PodmanError extends Error {
  readonly exitCode: number;

  /**
   * @param message in podman's words
   * @param exitCode 125 is podman's own failure
   */
  constructor(message: string, exitCode = 125) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function noSuchContainer(name: string, exitCode = 125): PodmanError {
  return new PodmanError(`no container with name or ID "${name}" found: no such container`, exitCode);
}

/** Several errors at once, as podman joins them. */
export function joined(errors: readonly string[]): string {
  const lines = errors.map((error) => `\t* ${error}\n`).join('');
  return `${errors.length} error${errors.length === 1 ? '' : 's'} occurred:\n${lines}\n`;
}
