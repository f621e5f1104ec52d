import type { Diagnostic } from '../base/diagnostic.ts';
import type { Platform } from '../platform/platform.ts';

/**
 * Explains why `podman version` fails: with the runtime directory of another user, podman 4.3 to 6.1 fail with
 * different messages. Checked only after podman failed.
 */
export function withRuntimeDirectory(
  diagnostic: Diagnostic,
  { runtimeDirectoryFault }: Pick<Platform, 'runtimeDirectoryFault'>,
): Diagnostic {
  if (diagnostic.code !== 'podman-unknown') return diagnostic;
  const fault = runtimeDirectoryFault();
  if (fault === undefined) return diagnostic;
  return {
    ...diagnostic,
    code: 'runtime-directory',
    message: `podman cannot use XDG_RUNTIME_DIR: ${fault.path} ${fault.words}`,
    help: `After 'su' or 'sudo' the variable may still be that of the other user. Log in as this user (ssh, machinectl shell), or set it: export XDG_RUNTIME_DIR=${fault.usual}.\n${diagnostic.message}`,
  };
}
