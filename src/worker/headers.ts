/** The kernel's headers, which programs include, by file name. */
const FOUND = import.meta.glob<string>('../kernel/arch/x86_64/include/*.h', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export const headers: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(FOUND).map(([path, text]) => [path.slice(path.lastIndexOf('/') + 1), text]),
);
