import { count } from '../../plan/describe.ts';
import { diagnosticsJson } from '../../view/diagnostics/diagnostics.ts';
import { EXIT } from '../exit-code.ts';
import { loadPods } from '../../engine/load-pods.ts';
import { choice } from '../parse/option-values.ts';
import type { Verb } from '../session.ts';

/** `podpose validate`: all that is wrong with the files, at its place. Touches nothing, and needs no podman. */
export const validate: Verb = async (session) => {
  const { platform, values } = session;
  const format = choice(values, 'format', ['text', 'json']);
  if (!format.ok) {
    session.report(format.error);
    return EXIT.usage;
  }
  const loaded = await loadPods(session);
  if (!loaded.ok) {
    // A program that asked for JSON gets it also where a file is not there.
    if (format.value === 'json') platform.stdout.write(diagnosticsJson(loaded.error));
    else session.report(loaded.error);
    return EXIT.usage;
  }
  const { diagnostics, isSound, pods, sources } = loaded.value;
  if (format.value === 'json') platform.stdout.write(diagnosticsJson(diagnostics));
  else {
    session.report(diagnostics, sources);
    if (isSound)
      platform.stdout.write(
        `${count(pods.length, 'pod')} in ${count(sources.length, 'file')}: all is well.\n`,
      );
  }
  return isSound ? EXIT.done : EXIT.usage;
};
