// Precision, recall and F1 of one label.
#pragma once

#include <cstdio>
#include <string>

namespace webcare {

struct Score {
  int right = 0;   // Given, and rightly so.
  int alarms = 0;  // Given, though a person would not.
  int missed = 0;  // Not given, though a person would.

  void Count(bool given, bool truth) {
    right += given && truth;
    alarms += given && !truth;
    missed += !given && truth;
  }
  double Precision() const { return right == 0 ? 0 : double(right) / (right + alarms); }
  double Recall() const { return right == 0 ? 0 : double(right) / (right + missed); }
  double F1() const { return right == 0 ? 0 : 2.0 * right / (2.0 * right + alarms + missed); }
};

inline void Print(const std::string& what, const Score& score) {
  std::printf("%-44s P %.3f  R %.3f  F1 %.3f  (%d)\n", what.c_str(), score.Precision(),
              score.Recall(), score.F1(), score.right + score.missed);
}

}  // namespace webcare
