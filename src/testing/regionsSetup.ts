/** REGIONS=on, off or a number of samples: every machine of the tests compiles hot code in this way. */
import { parseRegionPolicy, regionDefaults } from '../engine/regions/policy.ts';

const wanted = process.env['REGIONS'];
if (wanted !== undefined && wanted !== '') {
  const policy = parseRegionPolicy(wanted);
  if (policy === undefined) throw new Error(`REGIONS=${wanted}: on, off or a number is expected`);
  regionDefaults.policy = policy;
}
