/**
 * The object at an offset of a text that kustomize has printed, such as `deployment/web`. kustomize writes each object as one
 * document of block style with the fields in alphabetical order, so that its lines tell; undefined without kind or name.
 */
export function builtObjectAt(text: string, offset: number): string | undefined {
  const before = text.lastIndexOf('\n---', offset);
  const after = text.indexOf('\n---', offset);
  const document = text.slice(before === -1 ? 0 : before + 1, after === -1 ? undefined : after);
  const kind = scalar(/^kind: *(\S.*)$/m.exec(document)?.[1]);
  const name = scalar(/^metadata: *\n(?:[ #].*\n|\n)*? {2}name: *(\S.*)$/m.exec(document)?.[1]);
  if (kind === undefined) return undefined;
  return name === undefined ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`;
}

/** A plain or quoted scalar. */
function scalar(text: string | undefined): string | undefined {
  return text?.trim().replace(/^(["'])(.*)\1$/, '$2');
}
