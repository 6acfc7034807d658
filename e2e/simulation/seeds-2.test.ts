import { describeSeeds } from "./seeds-for-tests.ts";

describeSeeds(151, 150);
