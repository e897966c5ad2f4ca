#include "daemon/config/secrets.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace webcare {
namespace {

class SecretFilesTest : public testing::Test {
 protected:
  SecretFilesTest() : folder_(testing::TempDir() + "secrets-" + std::to_string(getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~SecretFilesTest() override { std::filesystem::remove_all(folder_); }

  Result<std::string> Read(std::string_view name, std::string_view content) const {
    std::ofstream(folder_ + "/" + std::string(name), std::ios::binary) << content;
    return SecretFiles(folder_).Read(name);
  }

  std::string folder_;
};

TEST_F(SecretFilesTest, TheTrailingNewlineIsNotPartOfTheSecret) {
  const auto secret = Read("token", "s3cret\n");
  ASSERT_TRUE(secret.ok());
  EXPECT_EQ(*secret, "s3cret");
}

TEST_F(SecretFilesTest, WhatCouldForgeAHeaderIsRefused) {
  EXPECT_FALSE(Read("token", "a\r\nX-Evil: 1\n").ok());
  EXPECT_FALSE(Read("token", std::string("a\0b", 3)).ok());
  EXPECT_FALSE(Read("token", "\n").ok());
  EXPECT_FALSE(Read("token", std::string(70'000, 'x')).ok());
}

TEST_F(SecretFilesTest, ANameNeverLeavesTheFolder) {
  for (const char* name : {"../token", "/etc/passwd", "", ".hidden", "a/b"})
    EXPECT_NE(SecretFiles(folder_).Read(name).error().message.find("is not a file name"),
              std::string::npos)
        << name;
}

TEST_F(SecretFilesTest, NoErrorHoldsTheSecret) {
  const auto secret = Read("token", "hunter2\nhunter3");
  ASSERT_FALSE(secret.ok());
  EXPECT_EQ(secret.error().message.find("hunter"), std::string::npos);
}

}  // namespace
}  // namespace webcare
