import type { ServedPort } from '../../kube/services/endpoints.ts';
import { serviceNames } from '../../kube/services/names.ts';
import type { DesiredService } from '../../kube/spec/desired-service.ts';
import { askNetworkGateway, askSandboxes } from '../client/queries.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { LABEL, SERVICE_LABEL } from '../labels.ts';
import { encodeHeadlessRecord } from '../headless-record.ts';
import { headlessRecordName, serviceName, serviceRecordName } from '../names.ts';
import { encodeServiceRecord, type ServiceRecord } from '../service-record.ts';
import { infraContainer, podmanWith, type Argument, type Command } from './argument.ts';
import type { Definitions } from './definition.ts';
import { macAddress } from './mac-address.ts';
import { labelFlags, labelSetting, ownerLabels } from './labels.ts';
import { publishSettings } from './pod-network.ts';
import { startChange } from './requests/container.ts';
import { createPodChange } from './requests/pod.ts';
import { withCreation, withRequests } from './requests/requests.ts';
import { endpointPods, endpointWords, SET_RULES } from './service-rules.ts';
import { flagsOf, setting, type Setting } from './setting.ts';
import { removePodCommand } from './stop.ts';
import { serviceSubject } from './subjects.ts';

export type ServiceOperation =
  | CreateService
  | StartService
  | SetServiceRules
  | RecordService
  | RemoveServiceRecord
  | RemoveService
  | RecordHeadlessService
  | RemoveHeadlessService;

/**
 * The podman pod of a Service: only an infra container, on the network of the project, with the names and the address of the
 * Service. Its ports are those of the machine.
 */
export interface CreateService {
  readonly kind: 'create-service';
  readonly project: string;
  readonly network: string;
  readonly record: ServiceRecord;
  readonly infraImage?: string;
}

export interface StartService {
  readonly kind: 'start-service';
  readonly service: string;
}

/** Replaces the rules that forward connections from the address of a Service to its pods: in the network of its podman pod. */
export interface SetServiceRules {
  readonly kind: 'set-service-rules';
  readonly project: string;
  readonly service: string;
  readonly ports: readonly ServedPort[];
  readonly isSticky: boolean;
}

/** Records an update of a Service in a container that never runs: labels of a pod cannot be changed. */
export interface RecordService {
  readonly kind: 'record-service';
  readonly project: string;
  readonly record: ServiceRecord;
}

export interface RemoveServiceRecord {
  readonly kind: 'remove-service-record';
  readonly service: string;
}

export interface RemoveService {
  readonly kind: 'remove-service';
  readonly service: string;
}

/** Records a headless Service in a container that never runs, in the place of an earlier record. */
export interface RecordHeadlessService {
  readonly kind: 'record-headless-service';
  readonly project: string;
  readonly service: DesiredService;
}

export interface RemoveHeadlessService {
  readonly kind: 'remove-headless-service';
  readonly project: string;
  readonly service: string;
}

export const SERVICE_OPERATIONS: Definitions<ServiceOperation> = {
  'create-service': {
    command: createServiceCommand,
    describe: ({ record }) => `create ${subjectOf(record)}`,
    words: ({ record }) => ({
      subject: subjectOf(record),
      group: 'Service',
      doing: 'creating',
      done: 'created',
      result: 'made',
    }),
    target: () => ({}),
  },
  'start-service': {
    command: ({ service }, capabilities, podman) => {
      const infra = infraContainer(serviceName({ name: service }));
      return withRequests(podmanWith(['start', infra]), capabilities, (valueOf) => {
        const id = valueOf(infra);
        return [[startChange(id, { program: 'podman', args: ['start', id] }, podman)]];
      });
    },
    describe: ({ service }) => `start ${serviceSubject(service)}`,
    words: ({ service }) => ({
      subject: serviceSubject(service),
      group: 'Service',
      doing: 'starting',
      done: 'started',
      isInternal: true,
    }),
    target: () => ({}),
  },
  'set-service-rules': {
    command: setRulesCommand,
    describe: ({ service }) => `set the endpoints of ${serviceSubject(service)}`,
    words: ({ service }) => ({
      subject: serviceSubject(service),
      group: 'Service',
      doing: 'setting its endpoints',
      done: 'endpoints set',
    }),
    target: () => ({}),
  },
  'record-service': {
    command: recordCommand,
    describe: ({ record }) => `record the update of ${subjectOf(record)}`,
    words: ({ record }) => ({
      subject: subjectOf(record),
      group: 'Service',
      doing: 'recording',
      done: 'recorded',
      isInternal: true,
    }),
    target: () => ({}),
  },
  'remove-service-record': {
    command: ({ service }) =>
      podmanWith(['rm', '--force', '--time', '0', serviceRecordName({ name: service })]),
    describe: ({ service }) => `remove the old record of ${serviceSubject(service)}`,
    words: ({ service }) => ({
      subject: serviceSubject(service),
      group: 'Service',
      doing: 'removing the old record',
      done: 'old record removed',
      isInternal: true,
    }),
    target: () => ({}),
  },
  'remove-service': {
    command: ({ service }, capabilities, podman) =>
      removePodCommand(
        { pod: serviceName({ name: service }), graceSeconds: 0, containers: 0 },
        capabilities,
        podman,
      ),
    describe: ({ service }) => `remove ${serviceSubject(service)}`,
    words: ({ service }) => ({
      subject: serviceSubject(service),
      group: 'Service',
      doing: 'removing',
      done: 'removed',
      result: 'removed',
    }),
    target: () => ({}),
  },
  'record-headless-service': {
    command: recordHeadlessCommand,
    describe: ({ service }) => `record ${serviceSubject(service.name)}`,
    words: ({ service }) => ({
      subject: serviceSubject(service.name),
      ...{ group: 'Service', doing: 'recording', done: 'recorded', result: 'made' },
    }),
    target: () => ({}),
  },
  'remove-headless-service': {
    command: ({ project, service }) =>
      podmanWith([
        'rm',
        '--force',
        '--time',
        '0',
        '--ignore',
        headlessRecordName(project, { name: service }),
      ]),
    describe: ({ service }) => `remove ${serviceSubject(service)}`,
    words: ({ service }) => ({
      subject: serviceSubject(service),
      ...{ group: 'Service', doing: 'removing', done: 'removed', result: 'removed' },
    }),
    target: () => ({}),
  },
};

function subjectOf({ service }: ServiceRecord): string {
  return serviceSubject(service.name);
}

function createServiceCommand(
  operation: CreateService,
  capabilities: PodmanCapabilities,
  podman: string,
): Command {
  const settings = serviceSettings(operation);
  const name = serviceName(operation.record.service);
  return withCreation(
    podmanWith(['pod', 'create', ...flagsOf(settings)]),
    capabilities,
    settings,
    (valueOf) => [[createPodChange(name, settings, valueOf, podman)]],
  );
}

function serviceSettings({ project, network, record, infraImage }: CreateService): readonly Setting[] {
  const { service, published } = record;
  const name = serviceName(service);
  return [
    setting(['--name', name], { name }),
    setting(['--exit-policy', 'continue'], { exit_policy: 'continue' }),
    setting(['--share', 'net'], { shared_namespaces: ['net'] }),
    joinSetting(network, record),
    setting(['--sysctl', 'net.ipv4.ip_forward=1'], { sysctl: { 'net.ipv4.ip_forward': '1' } }),
    ...publishSettings(published),
    ...(infraImage === undefined
      ? []
      : [setting(['--infra-image', infraImage], { infra_image: infraImage })]),
    labelSetting({ ...serviceLabels(project, record), [LABEL.network]: network }),
    labelSetting({ [SERVICE_LABEL]: encodeServiceRecord(record) }),
  ];
}

/**
 * The address is that of the gateway of the network, which ends with `.1`, and two digits. The MAC address stays the same
 * over a restart, as the neighbours remember it.
 */
function joinSetting(network: string, { service, address }: ServiceRecord): Setting {
  const aliases = serviceNames(service);
  const names = aliases.map((alias) => `,alias=${alias}`).join('');
  const withAddress = (before: string, after: string): Argument => ({
    before,
    ask: askNetworkGateway(network),
    after,
  });
  const ip = withAddress('', address);
  const mac = macAddress(`${network}/${service.namespace}/${service.name}`);
  return {
    flags: ['--network', withAddress(`${network}:ip=`, `${address},mac=${mac}${names}`)],
    body: (valueOf) => ({
      netns: { nsmode: 'bridge' },
      networks: { [network]: { aliases, static_ips: [valueOf(ip)], static_mac: mac } },
    }),
  };
}

function serviceLabels(project: string, { service }: ServiceRecord): Readonly<Record<string, string>> {
  return ownerLabels(project, serviceName(service), 'service');
}

/** A container without an image: the directory is never mounted, as it never runs. */
function recordCommand({ project, record }: RecordService): Command {
  const { service } = record;
  const labels = { ...serviceLabels(project, record), [SERVICE_LABEL]: encodeServiceRecord(record) };
  return podmanWith([
    ...['create', '--pod', serviceName(service), '--name', serviceRecordName(service)],
    ...[...labelFlags(labels), '--rootfs', '/usr', 'true'],
  ]);
}

/** As for a record of an update; a project has it beside its pods. */
function recordHeadlessCommand({ project, service }: RecordHeadlessService): Command {
  return podmanWith([
    ...['create', '--replace', '--name', headlessRecordName(project, service), '--network', 'none'],
    ...[...labelFlags(encodeHeadlessRecord(project, service)), '--rootfs', '/usr', 'true'],
  ]);
}

function setRulesCommand({ project, service, ports, isSticky }: SetServiceRules): Command {
  const pods = [...new Set([serviceName({ name: service }), ...endpointPods(ports)])];
  const ask = askSandboxes(`${LABEL.project}=${project}`, pods);
  const sandboxes: Argument = { before: '', ask, after: '' };
  return {
    program: 'sh',
    args: [
      ...['-c', SET_RULES, serviceName({ name: service })],
      sandboxes,
      isSticky ? 'jhash ip saddr' : 'numgen random',
      ...endpointWords(ports),
    ],
  };
}
