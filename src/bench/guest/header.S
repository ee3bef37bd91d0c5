/*
 * Multiboot 1 header with address fields, so that loaders need not know ELF:
 * the same flat form then serves both word sizes.
 */
    .section .header, "a"
header:
    .long 0x1badb002
    .long 0x00010000
    .long -(0x1badb002 + 0x00010000)
    .long header
    .long header                # load_addr
    .long load_end              # load_end_addr
    .long image_end             # bss_end_addr
    .long _start
