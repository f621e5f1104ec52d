import type { Paint } from '../base/paint.ts';
import type { Engine } from '../engine/engine.ts';
import type { EngineResult, Failure } from '../engine/failure.ts';
import type { Platform } from '../platform/platform.ts';
import type { ProgressKind } from '../view/progress/types.ts';
import type { ExitCode } from './exit-code.ts';
import type { Messages } from './messages.ts';
import type { OptionValues } from './parse/option-values.ts';

/** What a command is given: its options, the engine, and the terminal. */
export interface CommandContext extends Pick<Messages, 'report' | 'say'> {
  readonly engine: Engine;
  readonly platform: Platform;
  readonly values: OptionValues;
  readonly operands: readonly string[];
  readonly verbose: boolean;
  /** How standard error is written: as text or as JSON, and how much of it. */
  readonly progress: ProgressKind;
  /** Whether standard output is coloured. */
  readonly colourOut: boolean;
  /** Paints what goes to standard output. */
  readonly paintOut: Paint;
  /** Paints what goes to standard error. */
  readonly paintErr: Paint;
}

/** A command of podpose: from options to the engine, and from what comes out of it to a view. */
export interface Command {
  readonly run: (context: CommandContext) => Promise<EngineResult<ExitCode>>;
  /** The exit code of a failure, where it is another one than for most commands. */
  readonly exitCodeOf?: (kind: Failure['kind'], context: CommandContext) => ExitCode;
}
