/** Files of `public/kernel/`, as the site serves them. */

/** Where `public/` is served: beside the built worker's folder, or at the root of the development server. */
const base = import.meta.env.DEV ? '/' : new URL('../', self.location.href).href;

/** A file's bytes, or null when the site has none of this name. */
export async function fileIfServed(name: string): Promise<Uint8Array | null> {
  const answer = await fetch(`${base}kernel/${name}`);
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  if (answer.status === 404) return null;
  throw new Error(`kernel/${name} could not be loaded: HTTP status ${answer.status}`);
}

export async function servedFile(name: string): Promise<Uint8Array> {
  const bytes = await fileIfServed(name);
  if (bytes === null) throw new Error(`kernel/${name} could not be loaded: HTTP status 404`);
  return bytes;
}
