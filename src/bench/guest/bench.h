typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef unsigned long word;

/* main.c: the talk with the harness, over get() and put(), which the guest and native.c each bring along. */
void bench_main(void) __attribute__((noreturn));
u8 get(void);
void put(u8 byte);

/* Fixed addresses in the guests (bench.ld), so that no image carries the arrays; variables in native.c. */
extern u8 sieve_flags[], copy_from[], copy_to[], rep_from[], rep_to[];

/* loops.c */
u32 sieve(u32 n);
u32 integer_loop(u32 n);
u32 copy_loop(u32 n);
u32 fib32(u32 n);
u32 rep_movsb(u32 n);

/* algorithms.c */
u32 bytecode(u32 n);
u32 quicksort(u32 n);
u32 sha256(u32 n);

/* vectors.c */
u32 nbody(u32 n);
u32 sse2_memcpy(u32 n);

#ifdef __x86_64__
u32 multiply_mod(u32 n);        /* algorithms.c */
/* One unit: 100,000 times SYSCALL from ring 3 and SYSRETQ back (start64.S). */
u32 round_trips(u32 n);
#endif
