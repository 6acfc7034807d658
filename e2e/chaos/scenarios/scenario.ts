// What every scenario is: a name, a sentence, and a run that ends with findings.

import type { Finding } from "../findings.ts";
import type { Theatre } from "../theatre.ts";

export interface Scenario {
  readonly name: string;
  readonly about: string;
  run(theatre: Theatre): Promise<Finding[]>;
}
