/** How a user program is laid out when no script is given: that of the kernel's own programs (src/kernel/user/user.ld). */
export const USER_LAYOUT = `
ENTRY(_start)

PHDRS
{
  text   PT_LOAD FLAGS(5);
  rodata PT_LOAD FLAGS(4);
  data   PT_LOAD FLAGS(6);
}

SECTIONS
{
  . = 0x400000;
  .text : { *(.text.start) *(.text .text.*) } :text
  . = ALIGN(4096);
  .rodata : { *(.rodata .rodata.*) } :rodata
  . = ALIGN(4096);
  .data : { *(.data .data.*) } :data
  .bss : { *(.bss .bss.* COMMON) } :data

  /DISCARD/ : { *(.comment) *(.note.*) *(.eh_frame) }
}
`;
