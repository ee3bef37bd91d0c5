export function MsrsTab() {
  return null;
}
