//! Names of companies and people, Chinese and English, that nobody bears on purpose. Domains end in `.example` (RFC 2606).

use super::dice::Dice;

/// A company that does not exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Company {
    /// Its full name.
    pub(crate) name: String,
    /// Its domain.
    pub(crate) domain: String,
    /// Its trade.
    pub(crate) industry: &'static str,
    /// ISO 3166-1 alpha-2.
    pub(crate) country: &'static str,
    /// Province or state.
    pub(crate) region: &'static str,
    /// City.
    pub(crate) city: &'static str,
    /// Whether its language is Chinese.
    pub(crate) is_chinese: bool,
}

/// A person who does not exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Person {
    /// The family name.
    pub(crate) family: String,
    /// The given name.
    pub(crate) given: String,
    /// What stands before the @.
    pub(crate) mailbox: String,
    /// The position.
    pub(crate) title: &'static str,
}

type Sounding = (&'static str, &'static str);

const FIRST: [Sounding; 24] = [
    ("华", "hua"),
    ("宏", "hong"),
    ("鼎", "ding"),
    ("瑞", "rui"),
    ("恒", "heng"),
    ("中", "zhong"),
    ("金", "jin"),
    ("天", "tian"),
    ("安", "an"),
    ("博", "bo"),
    ("明", "ming"),
    ("盛", "sheng"),
    ("远", "yuan"),
    ("联", "lian"),
    ("泰", "tai"),
    ("德", "de"),
    ("东", "dong"),
    ("新", "xin"),
    ("凯", "kai"),
    ("嘉", "jia"),
    ("诚", "cheng"),
    ("启", "qi"),
    ("云", "yun"),
    ("智", "zhi"),
];
const SECOND: [Sounding; 24] = [
    ("达", "da"),
    ("源", "yuan"),
    ("泽", "ze"),
    ("信", "xin"),
    ("创", "chuang"),
    ("通", "tong"),
    ("越", "yue"),
    ("峰", "feng"),
    ("康", "kang"),
    ("腾", "teng"),
    ("昌", "chang"),
    ("润", "run"),
    ("和", "he"),
    ("力", "li"),
    ("航", "hang"),
    ("景", "jing"),
    ("维", "wei"),
    ("科", "ke"),
    ("成", "cheng"),
    ("海", "hai"),
    ("辰", "chen"),
    ("宇", "yu"),
    ("丰", "feng"),
    ("美", "mei"),
];
const TRADES: [Sounding; 22] = [
    ("精密机械", "制造业"),
    ("自动化设备", "制造业"),
    ("电子科技", "电子"),
    ("信息技术", "软件与信息服务"),
    ("软件", "软件与信息服务"),
    ("医疗器械", "医疗健康"),
    ("生物科技", "医疗健康"),
    ("食品", "食品饮料"),
    ("物流", "交通物流"),
    ("供应链管理", "交通物流"),
    ("建筑工程", "建筑房产"),
    ("新材料", "化工材料"),
    ("环保科技", "能源环保"),
    ("新能源", "能源环保"),
    ("教育科技", "教育培训"),
    ("文化传媒", "文化传媒"),
    ("服饰", "消费零售"),
    ("商贸", "消费零售"),
    ("汽车部件", "汽车"),
    ("纺织", "制造业"),
    ("金融信息服务", "金融"),
    ("农业科技", "农业"),
];
const FORMS: [&str; 6] = ["有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司", "集团有限公司"];
const CITIES: [Sounding; 26] = [
    ("北京", "北京"),
    ("上海", "上海"),
    ("天津", "天津"),
    ("重庆", "重庆"),
    ("广州", "广东"),
    ("深圳", "广东"),
    ("东莞", "广东"),
    ("佛山", "广东"),
    ("杭州", "浙江"),
    ("宁波", "浙江"),
    ("苏州", "江苏"),
    ("南京", "江苏"),
    ("无锡", "江苏"),
    ("成都", "四川"),
    ("武汉", "湖北"),
    ("西安", "陕西"),
    ("长沙", "湖南"),
    ("青岛", "山东"),
    ("济南", "山东"),
    ("郑州", "河南"),
    ("合肥", "安徽"),
    ("厦门", "福建"),
    ("福州", "福建"),
    ("沈阳", "辽宁"),
    ("大连", "辽宁"),
    ("昆明", "云南"),
];
const FAMILIES: [Sounding; 32] = [
    ("王", "wang"),
    ("李", "li"),
    ("张", "zhang"),
    ("刘", "liu"),
    ("陈", "chen"),
    ("杨", "yang"),
    ("黄", "huang"),
    ("赵", "zhao"),
    ("周", "zhou"),
    ("吴", "wu"),
    ("徐", "xu"),
    ("孙", "sun"),
    ("马", "ma"),
    ("朱", "zhu"),
    ("胡", "hu"),
    ("郭", "guo"),
    ("何", "he"),
    ("林", "lin"),
    ("高", "gao"),
    ("罗", "luo"),
    ("郑", "zheng"),
    ("梁", "liang"),
    ("谢", "xie"),
    ("宋", "song"),
    ("唐", "tang"),
    ("许", "xu"),
    ("韩", "han"),
    ("冯", "feng"),
    ("邓", "deng"),
    ("曹", "cao"),
    ("欧阳", "ouyang"),
    ("诸葛", "zhuge"),
];
const GIVEN: [Sounding; 40] = [
    ("伟", "wei"),
    ("芳", "fang"),
    ("娜", "na"),
    ("敏", "min"),
    ("静", "jing"),
    ("丽", "li"),
    ("强", "qiang"),
    ("磊", "lei"),
    ("军", "jun"),
    ("洋", "yang"),
    ("勇", "yong"),
    ("艳", "yan"),
    ("杰", "jie"),
    ("娟", "juan"),
    ("涛", "tao"),
    ("明", "ming"),
    ("超", "chao"),
    ("秀", "xiu"),
    ("霞", "xia"),
    ("平", "ping"),
    ("刚", "gang"),
    ("桂", "gui"),
    ("文", "wen"),
    ("志", "zhi"),
    ("建", "jian"),
    ("国", "guo"),
    ("晓", "xiao"),
    ("雪", "xue"),
    ("梅", "mei"),
    ("琳", "lin"),
    ("宇", "yu"),
    ("浩", "hao"),
    ("子", "zi"),
    ("涵", "han"),
    ("欣", "xin"),
    ("怡", "yi"),
    ("嘉", "jia"),
    ("思", "si"),
    ("雨", "yu"),
    ("晨", "chen"),
];
const TITLES: [&str; 12] = [
    "采购经理",
    "总经理",
    "技术总监",
    "信息部主管",
    "财务总监",
    "生产厂长",
    "市场经理",
    "项目经理",
    "副总经理",
    "运营总监",
    "采购专员",
    "董事长",
];

const PLACES: [&str; 24] = [
    "Ashford",
    "Bramley",
    "Calder",
    "Dunmore",
    "Eastgate",
    "Fairhaven",
    "Greenfield",
    "Harrow",
    "Ironbridge",
    "Juniper",
    "Kestrel",
    "Langley",
    "Merrow",
    "Norwood",
    "Oakham",
    "Pemberton",
    "Quayside",
    "Rowan",
    "Stanmore",
    "Thornbury",
    "Underhill",
    "Vantage",
    "Westbrook",
    "Yarrow",
];
const TRADES_EN: [Sounding; 20] = [
    ("Machinery", "Manufacturing"),
    ("Robotics", "Manufacturing"),
    ("Tooling", "Manufacturing"),
    ("Electronics", "Electronics"),
    ("Software", "Software"),
    ("Systems", "Software"),
    ("Analytics", "Software"),
    ("Medical", "Healthcare"),
    ("Biotech", "Healthcare"),
    ("Foods", "Food and drink"),
    ("Logistics", "Logistics"),
    ("Freight", "Logistics"),
    ("Construction", "Construction"),
    ("Materials", "Materials"),
    ("Energy", "Energy"),
    ("Learning", "Education"),
    ("Media", "Media"),
    ("Retail", "Retail"),
    ("Motors", "Automotive"),
    ("Capital", "Finance"),
];
const FORMS_EN: [&str; 5] = ["Ltd", "Inc.", "LLC", "GmbH", "Group plc"];
const CITIES_EN: [(&str, &str, &str); 12] = [
    ("London", "England", "GB"),
    ("Manchester", "England", "GB"),
    ("Edinburgh", "Scotland", "GB"),
    ("Dublin", "Leinster", "IE"),
    ("Berlin", "Berlin", "DE"),
    ("Munich", "Bavaria", "DE"),
    ("New York", "New York", "US"),
    ("Chicago", "Illinois", "US"),
    ("Austin", "Texas", "US"),
    ("Toronto", "Ontario", "CA"),
    ("Sydney", "New South Wales", "AU"),
    ("Singapore", "Singapore", "SG"),
];
const FAMILIES_EN: [&str; 28] = [
    "Adams",
    "Baker",
    "Clarke",
    "Dawson",
    "Ellis",
    "Fletcher",
    "Grant",
    "Hughes",
    "Irving",
    "Jensen",
    "Keller",
    "Lambert",
    "Müller",
    "Nolan",
    "O'Brien",
    "Parker",
    "Quinn",
    "Reid",
    "Schmidt",
    "Turner",
    "Underwood",
    "Vargas",
    "Walsh",
    "Young",
    "Zimmer",
    "Novak",
    "García",
    "Lindqvist",
];
const GIVEN_EN: [&str; 28] = [
    "Alice", "Ben", "Clara", "David", "Emma", "Felix", "Grace", "Henry", "Irene", "Jack", "Kate", "Liam", "Mia",
    "Noah", "Olivia", "Peter", "Rachel", "Sam", "Tara", "Uma", "Victor", "Wendy", "Xavier", "Yara", "Zoe", "Lukas",
    "Hannah", "Sofia",
];
const TITLES_EN: [&str; 10] = [
    "Head of Purchasing",
    "Managing Director",
    "CTO",
    "IT Manager",
    "CFO",
    "Plant Manager",
    "Marketing Lead",
    "Project Manager",
    "Operations Director",
    "Buyer",
];

/// A company, Chinese in three of four cases.
pub(crate) fn company(dice: &mut Dice) -> Company {
    if dice.chance(75) { chinese_company(dice) } else { english_company(dice) }
}

fn chinese_company(dice: &mut Dice) -> Company {
    let (first, second) = (dice.pick(&FIRST), dice.pick(&SECOND));
    let ((city, region), (trade, industry)) = (dice.pick(&CITIES), dice.pick(&TRADES));
    Company {
        name: format!("{city}{}{}{trade}{}", first.0, second.0, dice.pick(&FORMS)),
        domain: format!("{}{}{}.example", first.1, second.1, dice.below(1000)),
        industry,
        country: "CN",
        region,
        city,
        is_chinese: true,
    }
}

fn english_company(dice: &mut Dice) -> Company {
    let (place, partner) = (dice.pick(&PLACES), dice.pick(&PLACES));
    let ((trade, industry), (city, region, country)) = (dice.pick(&TRADES_EN), dice.pick(&CITIES_EN));
    let firm = if place == partner || dice.chance(30) { place.to_owned() } else { format!("{place} & {partner}") };
    Company {
        name: format!("{firm} {trade} {}", dice.pick(&FORMS_EN)),
        domain: format!("{}-{}{}.example", place.to_lowercase(), trade.to_lowercase(), dice.below(1000)),
        industry,
        country,
        region,
        city,
        is_chinese: false,
    }
}

/// A person who works for a company.
pub(crate) fn person(dice: &mut Dice, is_chinese: bool) -> Person {
    if is_chinese { chinese_person(dice) } else { english_person(dice) }
}

fn chinese_person(dice: &mut Dice) -> Person {
    let (family, first) = (dice.pick(&FAMILIES), dice.pick(&GIVEN));
    let second = if dice.chance(60) { dice.pick(&GIVEN) } else { ("", "") };
    Person {
        family: family.0.to_owned(),
        given: format!("{}{}", first.0, second.0),
        mailbox: format!("{}.{}{}", family.1, first.1, second.1),
        title: dice.pick(&TITLES),
    }
}

fn english_person(dice: &mut Dice) -> Person {
    let (family, given) = (dice.pick(&FAMILIES_EN), dice.pick(&GIVEN_EN));
    let plain: String = family.to_lowercase().chars().filter(char::is_ascii_lowercase).collect();
    Person {
        family: family.to_owned(),
        given: given.to_owned(),
        mailbox: format!("{}.{plain}", given.to_lowercase()),
        title: dice.pick(&TITLES_EN),
    }
}

/// A telephone number as people write it, and in E.164.
pub(crate) fn phone(dice: &mut Dice, is_chinese: bool) -> (String, String) {
    if is_chinese {
        let (prefix, tail) = (dice.between(130, 199), dice.below(1_000_000));
        let digits = format!("{prefix}00{tail:06}");
        let (head, rest) = digits.split_at(3);
        let (middle, end) = rest.split_at(4);
        return (format!("{head} {middle} {end}"), format!("+86{digits}"));
    }
    let tail = dice.below(100_000);
    (format!("+44 7700 9{tail:05}"), format!("+4477009{tail:05}"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rapport_domain::email::EmailAddress;

    use super::*;

    #[test]
    fn thousands_of_companies_hardly_repeat() {
        let mut dice = Dice::new(1);
        let names: HashSet<String> = (0..10_000).map(|_| company(&mut dice).name).collect();
        assert!(names.len() > 9_500, "{}", names.len());
    }

    #[test]
    fn addresses_are_valid() {
        let mut dice = Dice::new(2);
        for _ in 0..500 {
            let company = company(&mut dice);
            let person = person(&mut dice, company.is_chinese);
            let address = format!("{}@{}", person.mailbox, company.domain);
            assert_eq!(
                EmailAddress::parse(&address).map(|read| read.as_str().to_owned()),
                Ok(address.clone()),
                "{address}"
            );
        }
    }

    #[test]
    fn phones_are_written_in_two_ways() {
        let mut dice = Dice::new(3);
        for is_chinese in [true, false] {
            let (typed, e164) = phone(&mut dice, is_chinese);
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            assert!(digits(&e164).ends_with(&digits(&typed)), "{typed} {e164}");
        }
    }
}
