// SPDX-License-Identifier: Apache-2.0

import PlenaryScreens

/// Finds what somebody meant to type; the screens ask for it as well.
package typealias NearestWord = PlenaryScreens.NearestWord
