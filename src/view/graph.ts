import { sanitize } from '../base/sanitize.ts';
import type { GraphEdge, GraphNode, ObjectGraph, PodNode } from '../kube/graph/graph-parts.ts';

/** A graph as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html). Ends with a line break. */
export function renderGraph({ pods, nodes, edges }: ObjectGraph): string {
  const owners = [...new Set(pods.map(({ owner }) => owner))];
  const lines = owners.flatMap((owner, index) => {
    const owned = pods.filter((pod) => pod.owner === owner).flatMap(podLines);
    return owner === undefined ? owned : subgraph(`o${index}`, owner, owned);
  });
  return `${['flowchart LR', ...indent([...lines, ...nodes.map(nodeLine), ...edges.map(edgeLine)])].join('\n')}\n`;
}

function podLines({ id, name, nodes, order }: PodNode): readonly string[] {
  return subgraph(id, `pod/${name}`, [...nodes.map(nodeLine), ...order.map(edgeLine)]);
}

function subgraph(id: string, title: string, lines: readonly string[]): readonly string[] {
  return [`subgraph ${id}["${escaped(title)}"]`, ...indent(lines), 'end'];
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

const SHAPES: Readonly<Record<GraphNode['shape'], readonly [string, string]>> = {
  container: ['[', ']'],
  volume: ['[(', ')]'],
  service: ['{{', '}}'],
  external: ['([', '])'],
};

function nodeLine({ id, shape, lines }: GraphNode): string {
  const [open, close] = SHAPES[shape];
  return `${id}${open}"${lines.map(escaped).join('<br/>')}"${close}`;
}

function edgeLine({ from, to, kind, text }: GraphEdge): string {
  const label = text === '' ? '' : `|"${escaped(text)}"|`;
  return `${from} ${kind === 'mount' ? '-.-' : '-->'}${label} ${to}`;
}

/** Characters with a meaning in a quoted text of Mermaid, HTML or Markdown, as Mermaid's entity codes. */
function escaped(text: string): string {
  return sanitize(text).replace(/["#&<>`*_~\\]/g, (character) => `#${character.charCodeAt(0)};`);
}
