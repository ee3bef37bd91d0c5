/** Files of `public/kernel/`, as the site serves them. */

/** Where `public/` is served: beside the built worker's folder, or at the root of the development server. */
const base = import.meta.env.DEV ? '/' : new URL('../', self.location.href).href;

export async function servedFile(name: string): Promise<Uint8Array> {
  const answer = await fetch(`${base}kernel/${name}`);
  if (!answer.ok) throw new Error(`kernel/${name} could not be loaded: HTTP status ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}
