import { digest } from '../../base/digest.ts';
import { stableJson, type Json } from '../../base/stable-json.ts';
import type { FieldPath } from '../../base/path.ts';
import type { CheckedObject } from '../../manifest/checked-document.ts';
import type { ConfigMap, Pod, Volume, VolumeMount } from '../../manifest/schema/generated/kubernetes.ts';
import type { KeyedData } from '../config/keyed-data.ts';
import { DECLARED_INGRESSES } from '../spec/declared.ts';
import type { PodObject } from '../spec/pod-object.ts';
import { qualifiedNameOf } from '../spec/qualified-name.ts';
import type { ValidIngress } from './ingresses.ts';
import { nginxConfig, PROXY_PORTS, RESOLVER_FILE } from './nginx-config.ts';
import { INGRESSES_VARIABLE, servedIngress } from './served-ingress.ts';
import type { ProxyRules } from './proxy-rules.ts';

/** The image of the proxy, unless `--ingress-image` names another: small, and the one that many machines have. */
export const DEFAULT_INGRESS_IMAGE = 'docker.io/library/nginx:alpine';

/** The name of the container of the proxy. */
export const PROXY_CONTAINER = 'proxy';

const DIRECTORY = '/etc/podpose-ingress';

/** A name that no ConfigMap of a manifest is likely to have. */
const CONFIG_NAME = 'podpose-ingress.config';

/** The nameserver of the pod is that of its network, which podman chooses. */
const COMMAND = [
  `sed -n 's/^nameserver \\([0-9.]*\\)$/resolver \\1 valid=5s ipv6=off;/p' /etc/resolv.conf | head -n 1 >${RESOLVER_FILE}`,
  `exec nginx -c ${DIRECTORY}/config/nginx.conf -g 'daemon off;'`,
].join('\n');

export interface ProxyInput {
  readonly project: string;
  readonly image: string;
  /** At least one. */
  readonly ingresses: readonly [ValidIngress, ...ValidIngress[]];
  readonly rules: ProxyRules;
  /** The Secrets with certificates that the rules use, with qualified names. */
  readonly certificates: readonly KeyedData[];
}

/** The pod of the proxy, and the ConfigMap with its configuration. */
export interface ProxyObjects {
  readonly pod: PodObject;
  readonly configMap: CheckedObject<'ConfigMap'>;
}

/** podman's name of the pod. All Ingresses of a project share it, as they share its ports. */
export function proxyPodName(project: string): string {
  return `${project}-ingress`;
}

/** `ing/shop`: the proxy has the name of the first Ingress. */
export function ingressOwner({ complete }: ValidIngress): string {
  return `ing/${qualifiedNameOf(complete.metadata)}`;
}

/** Where the certificate of a Secret is mounted. */
export function certificateDirectory(secret: string): string {
  return `${DIRECTORY}/${certificateVolume(secret)}`;
}

/** The name of a Secret may be longer than that of a volume. */
function certificateVolume(secret: string): string {
  return `tls-${digest(secret).slice(-8)}`;
}

/** The objects of the proxy. They are those of an ordinary pod: what holds for pods holds for it. */
export function proxyObjects({ project, image, ingresses, rules, certificates }: ProxyInput): ProxyObjects {
  const [first] = ingresses;
  const config = nginxConfig(rules);
  const mounts: readonly (VolumeMount & { readonly volume: Omit<Volume, 'name'> })[] = [
    {
      name: 'config',
      mountPath: `${DIRECTORY}/config`,
      readOnly: true,
      volume: { configMap: { name: CONFIG_NAME } },
    },
    ...certificates.map(({ name }) => ({
      name: certificateVolume(name),
      mountPath: certificateDirectory(name),
      readOnly: true,
      volume: { secret: { secretName: name, defaultMode: 0o400 } },
    })),
  ];
  const hasTls = certificates.length > 0;
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: proxyPodName(project) },
    spec: {
      terminationGracePeriodSeconds: 2,
      enableServiceLinks: false,
      containers: [
        {
          name: PROXY_CONTAINER,
          image,
          command: ['sh', '-c', COMMAND],
          env: [
            { name: INGRESSES_VARIABLE, value: stableJson(ingresses.map(servedIngress)) },
            // nginx reads its files once: the container is replaced when one of them has changed.
            { name: 'INGRESS_RULES', value: rulesText(rules) },
            { name: 'INGRESS_FILES', value: digest(stableJson([config, certificates.map(versionOf)])) },
          ],
          ports: [
            { name: 'http', containerPort: PROXY_PORTS.http, hostPort: 80 },
            ...(hasTls ? [{ name: 'https', containerPort: PROXY_PORTS.https, hostPort: 443 }] : []),
          ],
          volumeMounts: mounts.map(({ volume: _, ...mount }) => mount),
        },
      ],
      volumes: mounts.map(({ name, volume }) => ({ name, ...volume })),
    },
  };
  const configMap: ConfigMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: CONFIG_NAME },
    data: { 'nginx.conf': config },
  };
  return {
    pod: {
      ...placesOf(first),
      kind: 'Pod',
      isProxy: true,
      declared: { [DECLARED_INGRESSES]: ingresses.map(declaredIngress) },
      origin: { owner: ingressOwner(first), pathOf: inIngress },
      value: pod,
      complete: pod,
    },
    configMap: { ...placesOf(first), kind: 'ConfigMap', value: configMap, complete: configMap },
  };
}

/** Everything in the pod comes from the Ingress as a whole. */
function placesOf(ingress: ValidIngress): Omit<CheckedObject<'Pod'>, 'kind' | 'value' | 'complete'> {
  const { file, locate, locateKey } = ingress;
  return {
    file,
    locate: (path) => locate(inIngress(path)),
    locateKey: (path) => locateKey(inIngress(path)),
    edit: { insert: () => [], move: () => [], append: () => [] },
    isPruned: () => false,
    hasPruned: () => false,
  };
}

function inIngress([root]: FieldPath): FieldPath {
  return root === 'metadata' ? ['metadata', 'name'] : ['spec'];
}

/** What is recorded of an Ingress to show it as a manifest. */
function declaredIngress({ complete: { metadata, spec } }: ValidIngress): Json {
  const name = qualifiedNameOf(metadata);
  // The schema has checked it: it is JSON.
  return { name, spec: JSON.parse(JSON.stringify(spec)) as Json };
}

/** A line for each rule, for the differences that a plan shows: `shop.localhost/cart -> cart.default...:80`. */
function rulesText({ sites }: ProxyRules): string {
  return sites
    .flatMap(({ host, routes, fallback, certificate }) => {
      const scheme = certificate === undefined ? '' : 'https+';
      const name = host === '' ? '*' : host;
      return [
        ...routes.map(
          ({ match, path, target }) =>
            `${scheme}${name}${match === 'exact' ? `${path}$` : path === '' ? '/' : path} -> ${target}`,
        ),
        ...(fallback === undefined ? [] : [`${scheme}${name} -> ${fallback}`]),
      ];
    })
    .join('\n');
}

/** What changes with a certificate: its text is public, and that of the key is only known by its fingerprint. */
function versionOf({ name, values }: KeyedData): readonly unknown[] {
  return [
    name,
    [...values].map(([key, content]) => [key, content.type === 'secret' ? content.fingerprint : '']),
  ];
}
