import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatPath } from '../../base/path.ts';
import type { SourcedService } from '../../kube/services/desired-services.ts';
import { isForwarded } from '../../kube/spec/desired-service.ts';
import { serviceName } from '../../podman/names.ts';
import { SERVICE_ADDRESSES } from '../../podman/service-record.ts';
import type { PodDecision } from '../decide/decision.ts';
import type { KnownState } from '../needs.ts';

/** Refuses a Service whose podman pod has the name of another pod. */
export function serviceRefusals(
  services: readonly SourcedService[],
  decisions: readonly PodDecision[],
  project: string,
  { pods }: KnownState,
): readonly Diagnostic[] {
  return services
    .filter(({ service }) => isForwarded(service))
    .flatMap((sourced): readonly Diagnostic[] => {
      const name = serviceName(sourced.service);
      if (decisions.some(({ desired }) => desired.name === name))
        return [
          refusal(
            sourced,
            'name-collision',
            `the pod '${name}' in the files has the name of the podman pod of this Service`,
            'Rename one of them.',
          ),
        ];
      const taken = pods.find((pod) => pod.name === name);
      if (taken === undefined || taken.service?.project === project) return [];
      const other = (taken.service ?? taken.owner)?.project;
      return [
        other === undefined
          ? refusal(
              sourced,
              'not-ours',
              `pod '${name}' already exists, and was not created by podpose`,
              `It is kept unchanged. Remove it (podman pod rm ${name}), or rename the Service.`,
            )
          : refusal(
              sourced,
              'other-project',
              `pod '${name}' belongs to project '${other}'`,
              `Rename the Service, or remove that project: podpose -p ${other} down`,
            ),
      ];
    });
}

export function tooManyServices([first]: readonly SourcedService[]): Diagnostic {
  const message = `too many Services: the network of a project has addresses for ${SERVICE_ADDRESSES}`;
  const help = 'Split the files into several projects (-p NAME).';
  return first === undefined
    ? { code: 'too-many-values', severity: 'error', message, help }
    : refusal(first, 'too-many-values', message, help);
}

function refusal(
  { locate }: SourcedService,
  code: Diagnostic['code'],
  message: string,
  help: string,
): Diagnostic {
  const path = ['metadata', 'name'];
  return { code, severity: 'error', path: formatPath(path), location: locate(path), message, help };
}
