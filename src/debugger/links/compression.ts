/** Deflate without headers (RFC 1951), through the streams that browsers and Node have. */

async function throughStream(
  bytes: Uint8Array,
  stream: { readonly readable: ReadableStream<Uint8Array>; readonly writable: WritableStream<BufferSource> },
  most: number,
): Promise<Uint8Array | null> {
  const writer = stream.writable.getWriter();
  // A refused write shows up when reading.
  writer.write(bytes as Uint8Array<ArrayBuffer>).catch(() => undefined);
  writer.close().catch(() => undefined);
  const reader = stream.readable.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel().catch(() => undefined);
      return null;
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export async function compress(bytes: Uint8Array): Promise<Uint8Array> {
  const whole = await throughStream(bytes, new CompressionStream('deflate-raw'), Number.POSITIVE_INFINITY);
  return whole ?? new Uint8Array();
}

/** Null when the bytes are damaged or would become more than `most`. */
export async function decompress(bytes: Uint8Array, most: number): Promise<Uint8Array | null> {
  try {
    return await throughStream(bytes, new DecompressionStream('deflate-raw'), most);
  } catch {
    return null;
  }
}
