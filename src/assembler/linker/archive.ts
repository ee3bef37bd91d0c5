export interface ArchiveMember {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const MAGIC = '!<arch>\n';
const HEADER = 60;
const NAME = [0, 16] as const;
const SIZE = [48, 58] as const;
const END = '`\n';

/** The files of an archive that GNU ar wrote, in order, without its tables of symbols and names; or what is wrong with it. */
export function readArchive(archive: Uint8Array): readonly ArchiveMember[] | string {
  const text = (from: number, to: number): string => String.fromCharCode(...archive.subarray(from, to));
  if (text(0, MAGIC.length) !== MAGIC) return 'this is not an archive';
  const members: ArchiveMember[] = [];
  let names = '';
  for (let at = MAGIC.length; at < archive.length; ) {
    const field = text(at + NAME[0], at + NAME[1]).trimEnd();
    const size = Number(text(at + SIZE[0], at + SIZE[1]).trim() || 'none');
    const from = at + HEADER;
    if (text(from - END.length, from) !== END || !Number.isInteger(size) || size < 0 || from + size > archive.length) {
      return `the archive is damaged at byte ${at}`;
    }
    const bytes = archive.subarray(from, from + size);
    if (field === '//') names = new TextDecoder().decode(bytes);
    else if (field !== '/') members.push({ name: nameOf(field, names), bytes });
    // Members begin at even offsets.
    at = from + size + (size % 2);
  }
  return members;
}

/** "name/" stands in the header itself; "/12" is an offset in the table of long names. */
function nameOf(field: string, names: string): string {
  const offset = /^\/(\d+)$/.exec(field);
  if (offset === null) return field.replace(/\/$/, '');
  const from = Number(offset[1]);
  return names.slice(from, names.indexOf('/\n', from));
}
