# By the campaign's name. Its orders are found at Runa.
terraform import runa_campaign.spring spring-2026
