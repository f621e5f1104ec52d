import { count } from '../../plan/describe.ts';
import { diagnosticsJson } from '../../report/diagnostics.ts';
import { EXIT } from '../exit-codes.ts';
import { loadPods } from '../load-pods.ts';
import { choice } from '../option-values.ts';
import type { Verb } from '../session.ts';

/** `podpose validate`: all that is wrong with the files, at its place. Touches nothing, and needs no podman. */
export const validate: Verb = async (session) => {
  const { world, values } = session;
  const format = choice(values, 'format', ['text', 'json']);
  const loaded = format.ok ? await loadPods(session) : format;
  if (!loaded.ok || !format.ok) {
    session.tell(loaded.ok ? [] : loaded.error);
    return EXIT.usage;
  }
  const { diagnostics, isSound, pods, sources } = loaded.value;
  if (format.value === 'json') world.stdout.write(diagnosticsJson(diagnostics));
  else {
    session.tell(diagnostics, sources);
    if (isSound)
      world.stdout.write(`${count(pods.length, 'pod')} in ${count(sources.length, 'file')}: all is well.\n`);
  }
  return isSound ? EXIT.done : EXIT.usage;
};
