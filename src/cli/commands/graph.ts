import { defined } from '../../base/defined.ts';
import { success } from '../../base/result.ts';
import { failed } from '../../engine/failure.ts';
import { load } from '../../engine/load.ts';
import { ofKind } from '../../kube/config/object-set.ts';
import { objectGraph } from '../../kube/graph/object-graph.ts';
import type { SourcedPod } from '../../kube/pod-set.ts';
import { renderGraph } from '../../view/graph.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { manifestInputs } from '../options.ts';
import { text } from '../parse/option-values.ts';

/** `podpose graph`: pods and what is in them, as a Mermaid flowchart. Read-only, needs no podman. */
export const graph: Command = {
  run: async ({ engine, platform, values, operands, report }) => {
    const loaded = await load(engine, {
      ...manifestInputs({ values, operands }),
      project: text(values, 'project'),
      judged: 'run',
    });
    if (!loaded.ok) return loaded;
    const { diagnostics, isSound, pods, documents, sources } = loaded.value;
    if (!isSound) return failed('usage', diagnostics, sources);
    report(diagnostics, sources);
    platform.stdout.write(
      renderGraph(
        objectGraph(pods.map(withOwner), ofKind(documents, 'Service'), ofKind(documents, 'Ingress')),
      ),
    );
    return success(EXIT.done);
  },
};

function withOwner(sourced: SourcedPod) {
  return { ...sourced, ...defined({ owner: sourced.pod.owner }) };
}
