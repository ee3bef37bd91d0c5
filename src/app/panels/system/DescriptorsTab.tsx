export function DescriptorsTab() {
  return null;
}
