typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long word;

u32 sieve(u32 n);
u32 integer_loop(u32 n);
u32 copy_loop(u32 n);
u32 fib32(u32 n);
u32 rep_movsb(u32 n);

#ifdef __x86_64__
/* One unit: 100,000 times SYSCALL from ring 3 and SYSRETQ back (start64.S). */
u32 round_trips(u32 n);
#endif
