import { describeSeeds } from "./seeds-for-tests.ts";

describeSeeds(501, 250);
