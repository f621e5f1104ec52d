import type { Probe } from '../../kube/spec/probe.ts';
import type { Argument } from './argument.ts';
import { textArgument } from './text.ts';

/** The start of podman and node is no part of the timeout of a probe. */
const START_SECONDS = 5;

/** Where a probe finds its container. */
export interface ProbedContainer {
  readonly pod: string;
  /** podman's name of the container. */
  readonly name: string;
  readonly hostNetwork: boolean;
}

/**
 * A command that probes once, for a shell: exit code 0 is a success. podman has no command for probes from outside of a
 * container, so that node, which podpose needs, opens the connection. podpose itself probes without these commands.
 */
export function probeCommand(probe: Probe, container: ProbedContainer, podman: string): readonly Argument[] {
  const seconds = probe.timeoutSeconds + START_SECONDS;
  return ['timeout', seconds.toString(), ...commandOf(probe, container, podman)];
}

function commandOf(probe: Probe, container: ProbedContainer, podman: string): readonly Argument[] {
  if ('exec' in probe) return [podman, 'exec', container.name, ...probe.exec.command];
  const inNetwork = (host: string | undefined, script: string, ...words: readonly string[]) => [
    ...(container.hostNetwork ? [] : [podman, 'unshare', '--rootless-netns']),
    ...['node', '-e', script, host ?? podAddress(container, podman), ...words],
  ];
  if ('tcpSocket' in probe) return inNetwork(probe.tcpSocket.host, CONNECT, probe.tcpSocket.port.toString());
  if ('grpc' in probe) {
    const { port, service } = probe.grpc;
    return inNetwork(undefined, CHECK_HEALTH, port.toString(), ...(service === '' ? [] : [service]));
  }
  const { host, port, path, scheme, httpHeaders } = probe.httpGet;
  const url = path.startsWith('/') ? path : `/${path}`;
  const headers = httpHeaders.flatMap(({ name, value }) => [name, value]);
  return inNetwork(host, GET, scheme.toLowerCase(), port.toString(), url, ...headers);
}

function podAddress({ pod, hostNetwork }: ProbedContainer, podman: string): Argument {
  if (hostNetwork) return '127.0.0.1';
  return textArgument({ pod, podman }, { before: '', address: 'podIP', after: '' }, 'the address of the pod');
}

const CONNECT =
  'const { exit, argv: [, host, port] } = process; ' +
  'require("net").connect({ host, port }, () => exit()).on("error", () => exit(1))';

/** Headers may be given twice: node takes them as a list, too, which needs a Host. */
const GET =
  'const { exit, argv: [, host, scheme, port, path, ...others] } = process; ' +
  'const headers = others.some(word => /^host$/i.test(word)) ? others : ["Host", host + ":" + port, ...others]; ' +
  'require(scheme).get({ host, port, path, headers, rejectUnauthorized: false }, ' +
  'answer => exit(answer.statusCode < 400 ? 0 : 1)).on("error", () => exit(1))';

/** grpc.health.v1.Health/Check; the answer of a server that serves is 08 01 after its length. */
const CHECK_HEALTH =
  'const { exit, argv: [, host, port, service = ""] } = process; ' +
  'const text = Buffer.from(service), words = text.length ? [Buffer.from([10, text.length]), text] : []; ' +
  'const body = Buffer.concat(words), size = Buffer.alloc(5); size.writeUInt32BE(body.length, 1); ' +
  'const fail = () => exit(1), session = require("http2").connect("http://" + host + ":" + port).on("error", fail); ' +
  'const call = session.request({ ":method": "POST", ":path": "/grpc.health.v1.Health/Check", ' +
  '"content-type": "application/grpc", te: "trailers" }).on("error", fail).setEncoding("hex"); ' +
  'let got = ""; call.on("data", part => got += part).on("end", () => exit(got === "00000000020801" ? 0 : 1)); ' +
  'call.end(Buffer.concat([size, body]))';
