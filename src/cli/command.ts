import type { Paint } from '../base/paint.ts';
import type { Engine } from '../engine/engine.ts';
import type { EngineResult, Failure } from '../engine/failure.ts';
import type { Platform } from '../platform/platform.ts';
import type { ProgressKind } from '../view/progress/types.ts';
import type { ExitCode } from './exit-code.ts';
import type { Messages } from './messages.ts';
import type { OptionValues } from './parse/option-values.ts';

/** Input of a command: options, engine, terminal. */
export interface CommandContext extends Pick<Messages, 'report' | 'say'> {
  readonly engine: Engine;
  readonly platform: Platform;
  readonly values: OptionValues;
  readonly operands: readonly string[];
  /** The command that `exec` passes on. */
  readonly passedOn: readonly string[];
  readonly verbose: boolean;
  /** The version of podpose. */
  readonly version: string;
  /** Format and amount of output on standard error. */
  readonly progress: ProgressKind;
  /** Whether standard output is coloured. */
  readonly colourOut: boolean;
  /** Paints what goes to standard output. */
  readonly paintOut: Paint;
  /** Paints what goes to standard error. */
  readonly paintErr: Paint;
}

/** Input of a command that does not use podman. */
export interface PlainContext extends Omit<CommandContext, 'engine'> {
  readonly engine: Pick<Engine, 'platform' | 'host'>;
}

/** A command of podpose: options -> engine -> view. */
export interface Command<Context = CommandContext> {
  readonly run: (context: Context) => Promise<EngineResult<ExitCode>>;
  /** Exit code of a failure, if it differs from `exitCodeOf` of exit-code.ts. */
  readonly exitCodeOf?: (kind: Failure['kind'], context: Context) => ExitCode;
}
