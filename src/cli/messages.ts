import type { Diagnostic } from '../base/diagnostic.ts';
import type { Paint } from '../base/paint.ts';
import { decodeLeniently } from '../manifest/lenient-text.ts';
import { hideSecrets } from '../manifest/secret-text.ts';
import type { ManifestSource } from '../manifest/read-manifests.ts';
import { renderDiagnostics, type DiagnosticsLayout } from '../view/diagnostics/diagnostics.ts';
import { wrapLines } from '../view/terminal/wrap.ts';
import { commandJsonLine, diagnosticLines, messageLine } from '../view/diagnostics/message-json.ts';
import type { ProgressKind } from '../view/progress/types.ts';
import type { Terminal } from '../platform/platform.ts';

/** Output on standard error besides the progress of a plan. With `json`, all of it is JSON. */
export interface Messages {
  /** Prints diagnostics with their source lines. `quiet` omits notes. */
  readonly report: (diagnostics: readonly Diagnostic[], sources?: readonly ManifestSource[]) => void;
  /** Prints an informational text, ending in a newline. `quiet` omits it. */
  readonly say: (text: string) => void;
  /** Prints a command (`--verbose`). */
  readonly showCommand: (command: string) => void;
}

export function messages(stderr: Terminal, progress: ProgressKind, paint: Paint): Messages {
  if (progress === 'json')
    return {
      report: (diagnostics) => {
        if (diagnostics.length > 0) stderr.write(diagnosticLines(diagnostics));
      },
      say: (text) => {
        stderr.write(messageLine(text));
      },
      showCommand: (command) => {
        stderr.write(commandJsonLine(command));
      },
    };
  return {
    report: (given, sources = []) => {
      const diagnostics = progress === 'quiet' ? given.filter(({ severity }) => severity !== 'note') : given;
      if (diagnostics.length === 0) return;
      const texts = new Map(sources.map(({ file, text }) => [file, hideSecrets(decodeLeniently(text))]));
      stderr.write(renderDiagnostics(diagnostics, texts, paint, layoutOf(stderr)));
    },
    say: (text) => {
      if (progress !== 'quiet') stderr.write(wrapLines(text, stderr.isTTY ? stderr.columns : undefined));
    },
    showCommand: (command) => {
      stderr.write(`${paint('faint', `$ ${command}`)}\n`);
    },
  };
}

/** The layout of diagnostics. Lines are wrapped only on a terminal. */
function layoutOf({ columns, isTTY }: Pick<Terminal, 'columns' | 'isTTY'>): DiagnosticsLayout {
  return { columns, isWrapped: isTTY };
}
