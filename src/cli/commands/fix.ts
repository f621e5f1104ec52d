import { count } from '../../base/text.ts';
import { isError } from '../../base/diagnostic.ts';
import { success } from '../../base/result.ts';
import { failed, type EngineResult } from '../../engine/failure.ts';
import { fixFiles, type FixedFile } from '../../engine/fix-files.ts';
import { keptVolumes } from '../../engine/kept-volumes.ts';
import { renderFixes } from '../../view/fixes.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { flag, texts } from '../parse/option-values.ts';

/**
 * `podpose fix`: shows the certain fixes of manifests as a diff, and with --write writes them. Needs no podman: it is asked
 * only whether the volume of a renamed PersistentVolumeClaim exists.
 */
export const fix: Command = {
  run: async (context) => {
    const { engine, platform, values, operands, paintOut, report, say } = context;
    const fixed = await fixFiles(engine, { files: [...texts(values, 'file'), ...operands] });
    if (!fixed.ok) return fixed;
    const { changed, diagnostics, sources } = fixed.value;
    const isWritten = flag(values, 'write');
    // The fixed standard input goes to standard output, without a diff.
    const shown = isWritten ? changed.filter(({ file }) => file !== '-') : changed;
    platform.stdout.write(
      renderFixes(shown, paintOut, shown.length > 0 ? await keptVolumes(engine, shown) : []),
    );
    if (isWritten) {
      const written = await writeFiles(context, changed);
      if (!written.ok) return written;
    }
    report(diagnostics, sources);
    say(summary(changed.length, isWritten));
    return success(diagnostics.some(isError) ? EXIT.usage : EXIT.done);
  },
};

async function writeFiles(
  { platform }: CommandContext,
  changed: readonly FixedFile[],
): Promise<EngineResult<ExitCode>> {
  for (const { file, after } of changed) {
    if (file === '-') {
      platform.stdout.write(after);
      continue;
    }
    const failure = await platform.replaceFile(file, after);
    if (failure !== undefined)
      return failed('usage', [
        {
          code: 'file-unwritable',
          severity: 'error',
          message: `${file}: cannot write the file (${failure})`,
          help: 'The file is unchanged. Check its permissions and those of its directory.',
        },
      ]);
  }
  return success(EXIT.done);
}

function summary(changed: number, isWritten: boolean): string {
  if (changed === 0) return 'Nothing to fix.\n';
  return isWritten
    ? `${count(changed, 'file')} fixed.\n`
    : `${count(changed, 'file')} to fix. Use --write to write the changes.\n`;
}
