import type { Paint } from '../base/paint.ts';
import type { Result } from '../base/result.ts';
import type { ProcessRunner } from '../platform/process.ts';
import type { PodmanVersion } from '../podman/inspect/version.ts';
import type { ProgressKind } from '../view/progress/progress.ts';
import type { OptionValues } from './parse/command-line.ts';
import type { ExitCode } from './exit-code.ts';
import type { Messages } from './messages.ts';
import type { Platform } from '../platform/platform.ts';

/** What every verb is handed: the world, what the command line says, and ways to speak. */
export interface Session extends Pick<Messages, 'report' | 'say'> {
  readonly platform: Platform;
  readonly values: OptionValues;
  readonly operands: readonly string[];
  readonly podman: string;
  readonly verbose: boolean;
  /** How standard error is written: as text or as JSON, and how much of it. */
  readonly progress: ProgressKind;
  /** Whether standard output is coloured. */
  readonly colourOut: boolean;
  /** Paints what goes to standard output. */
  readonly paintOut: Paint;
  /** Paints what goes to standard error. */
  readonly paintErr: Paint;
  /**
   * Hands over what hides the secret values of the files that were read. From then on `tell` hides them in all that has no
   * place in a file: what podman says may quote them.
   */
  readonly hideSecrets: (redact: (text: string) => string) => void;
  readonly run: ProcessRunner;
  /** Which podman it is. Asked once, however often it is wanted, by the first one's runner. */
  readonly version: (asker?: ProcessRunner) => Promise<Result<PodmanVersion>>;
}

export type Verb = (session: Session) => Promise<ExitCode>;

/** The value of an option that takes one. */
export function text(values: OptionValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** Whether a flag is given. */
export function flag(values: OptionValues, name: string): boolean {
  return values[name] === true;
}

/** The values of an option that may come more than once. */
export function texts(values: OptionValues, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
