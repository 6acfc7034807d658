import { describeSeeds } from "./seeds-for-tests.ts";

describeSeeds(201, 100);
