/* Integer work as real programs have it: an interpreter's dispatch, recursion over an array, a hash, long division. */
#include "bench.h"

/* The machine that bytecode() interprets: eight registers, instructions of four bytes. */
enum { SET, ADD, MULTIPLY, SHIFT_RIGHT, AND, LESS, JUMP_IF_ZERO, JUMP, HALT };

struct insn {
  u8 op, to, a, b;
};

/* r1 counts the steps that the numbers from 1 to r7 - 1 take to reach 1 by n/2 and 3n+1. */
enum { ZERO, STEPS, NUMBER, START, ONE, THREE, SCRATCH, END };
static const struct insn collatz[] = {
    {SET, STEPS, 0, 0},
    {SET, ONE, 1, 0},
    {SET, THREE, 3, 0},
    {SET, START, 1, 0},
    /*  4 */ {ADD, NUMBER, START, ZERO},
    /*  5 */ {LESS, SCRATCH, ONE, NUMBER},
    {JUMP_IF_ZERO, 15, SCRATCH, 0},
    {ADD, STEPS, STEPS, ONE},
    {AND, SCRATCH, NUMBER, ONE},
    {JUMP_IF_ZERO, 13, SCRATCH, 0},
    {MULTIPLY, NUMBER, NUMBER, THREE},
    {ADD, NUMBER, NUMBER, ONE},
    {JUMP, 5, 0, 0},
    /* 13 */ {SHIFT_RIGHT, NUMBER, NUMBER, ONE},
    {JUMP, 5, 0, 0},
    /* 15 */ {ADD, START, START, ONE},
    {LESS, SCRATCH, START, END},
    {JUMP_IF_ZERO, 19, SCRATCH, 0},
    {JUMP, 4, 0, 0},
    /* 19 */ {HALT, 0, 0, 0},
};

static u32 interpret(const struct insn *program, u32 end) {
  u32 r[8] = {0};
  r[END] = end;
  for (const struct insn *pc = program;;) {
    struct insn i = *pc++;
    switch (i.op) {
      case SET: r[i.to] = i.a; break;
      case ADD: r[i.to] = r[i.a] + r[i.b]; break;
      case MULTIPLY: r[i.to] = r[i.a] * r[i.b]; break;
      case SHIFT_RIGHT: r[i.to] = r[i.a] >> (r[i.b] & 31); break;
      case AND: r[i.to] = r[i.a] & r[i.b]; break;
      case LESS: r[i.to] = r[i.a] < r[i.b]; break;
      case JUMP_IF_ZERO:
        if (r[i.a] == 0) pc = program + i.to;
        break;
      case JUMP: pc = program + i.to; break;
      default: return r[STEPS];
    }
  }
}

/* One unit: the bytecode above for the numbers below 1000. */
u32 bytecode(u32 n) {
  u32 sum = 0;
  while (n-- > 0) sum += interpret(collatz, 1000);
  return sum;
}

#define SORTED 65536

static void sort(u32 *low, u32 *high) {
  while (low < high) {
    u32 pivot = low[(high - low) >> 1];
    u32 *i = low, *j = high;
    do {
      while (*i < pivot) i++;
      while (pivot < *j) j--;
      if (i > j) break;
      u32 held = *i;
      *i++ = *j;
      *j-- = held;
    } while (i <= j);
    /* The shorter part by recursion, so that the stack stays small. */
    if (j - low < high - i) {
      sort(low, j);
      low = i;
    } else {
      sort(i, high);
      high = j;
    }
  }
}

/* One unit: 65,536 words in no order. */
u32 quicksort(u32 n) {
  u32 *list = (u32 *)copy_from, seed = 1, sum = 0;
  while (n-- > 0) {
    for (u32 i = 0; i < SORTED; i++) list[i] = seed = seed * 1664525 + 1013904223;
    sort(list, list + SORTED - 1);
    for (u32 i = 1; i < SORTED; i++) {
      if (list[i - 1] > list[i]) return 0;
    }
    sum = sum * 31 + list[SORTED / 2];
  }
  return sum;
}

/* FIPS 180-4, 4.2.2: the fractions of the cube roots of the first 64 primes. */
static const u32 K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline u32 rotate(u32 x, int by) {
  return x >> by | x << (32 - by);
}

static void sha256_block(u32 *h, const u8 *block) {
  u32 w[64];
  for (int t = 0; t < 16; t++, block += 4) w[t] = (u32)block[0] << 24 | block[1] << 16 | block[2] << 8 | block[3];
  for (int t = 16; t < 64; t++) {
    u32 s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3;
    u32 s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10;
    w[t] = w[t - 16] + s0 + w[t - 7] + s1;
  }
  u32 a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], last = h[7];
  for (int t = 0; t < 64; t++) {
    u32 t1 = last + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + K[t] + w[t];
    u32 t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    last = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
  }
  h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e, h[5] += f, h[6] += g, h[7] += last;
}

#define HASHED 65536

/* One unit: 64 KiB. The message is n times the bytes 0, 1, .. 255, 0, ..; returns the first word of its hash. */
u32 sha256(u32 n) {
  u32 h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  u64 bits = (u64)n * HASHED * 8;
  for (u32 i = 0; i < HASHED; i++) copy_from[i] = (u8)i;
  while (n-- > 0) {
    for (u32 at = 0; at < HASHED; at += 64) sha256_block(h, copy_from + at);
  }
  u8 padding[64];
  for (u32 i = 0; i < 64; i++) padding[i] = i == 0 ? 0x80 : i < 56 ? 0 : (u8)(bits >> (63 - i) * 8);
  sha256_block(h, padding);
  return h[0];
}

#ifdef __x86_64__
/* a * b modulo m, for a, b < m. C has no such operation without a library's help; the CPU has. */
static inline u64 multiply_modulo(u64 a, u64 b, u64 m) {
  u64 low, high;
  __asm__("mulq %3" : "=a"(low), "=d"(high) : "0"(a), "r"(b) : "cc");
  __asm__("divq %3" : "=a"(low), "+d"(high) : "0"(low), "r"(m) : "cc");
  return high;
}

/* One unit: 1,000 powers modulo the prime 2^64 - 59, a to (p - 1) / 2: what Euler's criterion takes. */
u32 multiply_mod(u32 n) {
  const u64 p = -59ull;
  u32 sum = 0;
  for (u32 i = 0; i < n * 1000; i++) {
    u64 result = 1, a = i % 1000 + 2;
    for (u64 e = p >> 1; e != 0; e >>= 1) {
      if (e & 1) result = multiply_modulo(result, a, p);
      a = multiply_modulo(a, a, p);
    }
    sum += result == 1;
  }
  return sum;
}
#endif
