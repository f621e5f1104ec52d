import { count } from '../../base/text.ts';
import { success } from '../../base/result.ts';
import { failed } from '../../engine/failure.ts';
import { load } from '../../engine/load.ts';
import { diagnosticsJson } from '../../view/diagnostics/diagnostics.ts';
import type { Command, PlainContext } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { manifestInputs } from '../options.ts';
import { choice, text } from '../parse/option-values.ts';

/** The release whose rules are applied. */
const KUBERNETES_VERSION = '1.36';

/** `podpose validate`: all errors and warnings of the manifests. Read-only, needs no podman. */
export const validate: Command<PlainContext> = {
  run: async ({ engine, platform, values, operands, report }) => {
    const format = choice(values, 'format', ['text', 'json']);
    if (!format.ok) return failed('usage', format.error);
    const target = choice(values, 'target', ['local', 'kubernetes']);
    if (!target.ok) return failed('usage', target.error);
    const isJson = format.value === 'json';
    const loaded = await load(engine, {
      ...manifestInputs({ values, operands }),
      project: text(values, 'project'),
      target: target.value,
    });
    if (!loaded.ok) {
      if (!isJson) return loaded;
      // Missing files are reported as JSON, too.
      platform.stdout.write(diagnosticsJson(loaded.error.diagnostics));
      return success(EXIT.usage);
    }
    const { diagnostics, isSound, pods, objects, sources } = loaded.value;
    if (isJson) platform.stdout.write(diagnosticsJson(diagnostics));
    else {
      report(diagnostics, sources);
      if (isSound)
        platform.stdout.write(
          target.value === 'kubernetes'
            ? `${count(sources.length, 'file')} valid for Kubernetes ${KUBERNETES_VERSION} (${count(objects, 'object')}).\n`
            : `${count(sources.length, 'file')} valid (${count(pods.length, 'pod')}).\n`,
        );
    }
    return success(isSound ? EXIT.done : EXIT.usage);
  },
};
