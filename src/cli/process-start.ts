import type { StandardStreams } from '../platform/node/standard-streams.ts';
import type { StartSettings } from '../platform/node/v8-settings.ts';

/** How this process was started. */
export interface ProcessStart {
  readonly args: readonly string[];
  /** Milliseconds from the start of the process until the first code of podpose ran. */
  readonly loadedAt: number;
  /** The settings of V8. */
  readonly settings: StartSettings;
  readonly streams: StandardStreams;
}
