// Two files instead of fifty for what the first screen consists of: groups of modules for Vite's bundler.

/** A chunk of the module `entry` and all that it imports, itself or through others, but not by import(). */
export function chunkOf(name, entry, priority) {
  /** One bundle after the other has a context of its own. */
  const known = new WeakMap();
  const reachedIn = (context) => {
    const reached = new Set([entry]);
    for (const id of reached) for (const next of context.getModuleInfo(id)?.importedIds ?? []) reached.add(next);
    return reached;
  };
  return {
    name: (id, context) => {
      if (!known.has(context)) known.set(context, reachedIn(context));
      return known.get(context).has(id) ? name : null;
    },
    priority,
  };
}
